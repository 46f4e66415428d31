CREATE TABLE "cache_aliases" (
	"scope_key" text NOT NULL,
	"exact_key" text NOT NULL,
	"entry_id" uuid NOT NULL,
	"question" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cache_aliases_scope_key_exact_key_pk" PRIMARY KEY("scope_key","exact_key")
);
--> statement-breakpoint
CREATE TABLE "cache_counts" (
	"workspace_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"result" text NOT NULL,
	"reason" text NOT NULL,
	"lookups" integer NOT NULL,
	"saved_ms" bigint NOT NULL,
	"saved_tokens" bigint NOT NULL,
	CONSTRAINT "cache_counts_workspace_id_hour_result_reason_pk" PRIMARY KEY("workspace_id","hour","result","reason")
);
--> statement-breakpoint
CREATE TABLE "cache_entries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"scope_key" text NOT NULL,
	"exact_key" text NOT NULL,
	"form_key" text,
	"question" text NOT NULL,
	"embedding" vector,
	"answer" jsonb NOT NULL,
	"answer_key" text NOT NULL,
	"cited" jsonb NOT NULL,
	"ranked_chunk_ids" text[] NOT NULL,
	"generations" jsonb NOT NULL,
	"source" text NOT NULL,
	"answer_id" uuid,
	"bytes" integer NOT NULL,
	"cost_ms" integer NOT NULL,
	"cost_tokens" integer NOT NULL,
	"hits" integer DEFAULT 0 NOT NULL,
	"last_hit_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cache_servings" (
	"answer_id" uuid PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"served_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cache_tombstones" (
	"workspace_id" uuid NOT NULL,
	"exact_key" text NOT NULL,
	"answer_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cache_tombstones_workspace_id_exact_key_answer_key_pk" PRIMARY KEY("workspace_id","exact_key","answer_key")
);
--> statement-breakpoint
ALTER TABLE "cache_aliases" ADD CONSTRAINT "cache_aliases_entry_id_cache_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."cache_entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_counts" ADD CONSTRAINT "cache_counts_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_entries" ADD CONSTRAINT "cache_entries_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_servings" ADD CONSTRAINT "cache_servings_entry_id_cache_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."cache_entries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_tombstones" ADD CONSTRAINT "cache_tombstones_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cache_aliases_entry_idx" ON "cache_aliases" USING btree ("entry_id");--> statement-breakpoint
CREATE UNIQUE INDEX "cache_entries_exact_key" ON "cache_entries" USING btree ("scope_key","exact_key");--> statement-breakpoint
CREATE INDEX "cache_entries_form_idx" ON "cache_entries" USING btree ("scope_key","form_key");--> statement-breakpoint
CREATE INDEX "cache_entries_workspace_idx" ON "cache_entries" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "cache_entries_answer_idx" ON "cache_entries" USING btree ("answer_id");--> statement-breakpoint
CREATE INDEX "cache_servings_entry_idx" ON "cache_servings" USING btree ("entry_id");