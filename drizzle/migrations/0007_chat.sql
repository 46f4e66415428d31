CREATE TABLE "conversation_shares" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"conversation_id" uuid NOT NULL,
	"tip_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "answers_turn_key";--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "conversation_id" uuid;--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "system_prompt" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "answer_style" text DEFAULT 'balanced' NOT NULL;--> statement-breakpoint
ALTER TABLE "collections" ADD COLUMN "answer_language" text DEFAULT 'question' NOT NULL;--> statement-breakpoint
ALTER TABLE "answers" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "answers" ADD COLUMN "search_vector" "tsvector";--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "title_by" text DEFAULT 'question' NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "tip_id" uuid;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "pinned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "conversation_shares" ADD CONSTRAINT "conversation_shares_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_shares_conversation_idx" ON "conversation_shares" USING btree ("conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "collections_conversation_key" ON "collections" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "answers_turn_idx" ON "answers" USING btree ("conversation_id","turn");--> statement-breakpoint
CREATE INDEX "answers_search_idx" ON "answers" USING gin ("search_vector");--> statement-breakpoint
UPDATE "answers" a SET "parent_id" = b."id" FROM "answers" b WHERE b."conversation_id" = a."conversation_id" AND b."turn" = a."turn" - 1;--> statement-breakpoint
UPDATE "answers" SET "search_vector" = to_tsvector('simple', left("question", 10000));
