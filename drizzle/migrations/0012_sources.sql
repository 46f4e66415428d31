ALTER TABLE "collection_sources" ADD COLUMN "every_hours" integer DEFAULT 24 NOT NULL;--> statement-breakpoint
ALTER TABLE "collection_sources" ADD COLUMN "on_vanished" text DEFAULT 'keep' NOT NULL;--> statement-breakpoint
ALTER TABLE "collection_sources" ADD COLUMN "wanted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "vanished_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "answers_sources_idx" ON "answers" USING gin (("snapshot" -> 'sources') jsonb_path_ops);