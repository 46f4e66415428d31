CREATE TABLE "answer_traces" (
	"answer_id" uuid PRIMARY KEY NOT NULL,
	"trace" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_finds" (
	"document_id" uuid NOT NULL,
	"day" text NOT NULL,
	"times" integer NOT NULL,
	CONSTRAINT "document_finds_document_id_day_pk" PRIMARY KEY("document_id","day")
);
--> statement-breakpoint
CREATE TABLE "golden_questions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"collection_id" uuid NOT NULL,
	"question" text NOT NULL,
	"file_name" text,
	"passage" text DEFAULT '' NOT NULL,
	"answer_id" uuid,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "golden_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"collection_id" uuid NOT NULL,
	"settings" jsonb NOT NULL,
	"metrics" jsonb NOT NULL,
	"results" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settled_questions" (
	"answer_id" uuid PRIMARY KEY NOT NULL,
	"settled_by" text NOT NULL,
	"settled_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "collections" ALTER COLUMN "language" SET DEFAULT 'auto';--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "answer_mode" text DEFAULT 'strict' NOT NULL;--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "refusal_text" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "flags" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "language" text DEFAULT 'english' NOT NULL;--> statement-breakpoint
ALTER TABLE "answer_traces" ADD CONSTRAINT "answer_traces_answer_id_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."answers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_finds" ADD CONSTRAINT "document_finds_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_questions" ADD CONSTRAINT "golden_questions_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_questions" ADD CONSTRAINT "golden_questions_answer_id_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."answers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_runs" ADD CONSTRAINT "golden_runs_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settled_questions" ADD CONSTRAINT "settled_questions_answer_id_answers_id_fk" FOREIGN KEY ("answer_id") REFERENCES "public"."answers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "golden_questions_collection_idx" ON "golden_questions" USING btree ("collection_id");--> statement-breakpoint
CREATE INDEX "golden_runs_collection_idx" ON "golden_runs" USING btree ("collection_id","created_at");--> statement-breakpoint
CREATE INDEX "chunks_flagged_idx" ON "chunks" USING btree ("collection_id") WHERE cardinality(flags) > 0;--> statement-breakpoint
UPDATE "documents" SET "language" = "collections"."language" FROM "collections" WHERE "collections"."id" = "documents"."collection_id";--> statement-breakpoint
UPDATE "document_versions" SET "language" = "documents"."language" FROM "documents" WHERE "documents"."id" = "document_versions"."document_id";
