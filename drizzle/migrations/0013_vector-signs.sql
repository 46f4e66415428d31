CREATE TABLE "chunk_signs" (
	"space_id" uuid NOT NULL,
	"chunk_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"collection_id" uuid NOT NULL,
	"signs" bit varying NOT NULL,
	CONSTRAINT "chunk_signs_chunk_id_space_id_pk" PRIMARY KEY("chunk_id","space_id")
);
--> statement-breakpoint
ALTER TABLE "chunk_signs" ADD CONSTRAINT "chunk_signs_space_id_embedding_spaces_id_fk" FOREIGN KEY ("space_id") REFERENCES "public"."embedding_spaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunk_signs" ADD CONSTRAINT "chunk_signs_chunk_id_chunks_id_fk" FOREIGN KEY ("chunk_id") REFERENCES "public"."chunks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chunk_signs_collection_idx" ON "chunk_signs" USING btree ("space_id","collection_id");--> statement-breakpoint
INSERT INTO "chunk_signs" ("space_id", "chunk_id", "version_id", "collection_id", "signs") SELECT "space_id", "chunk_id", "version_id", "collection_id", binary_quantize("embedding") FROM "chunk_embeddings";
