CREATE TABLE "cache_tier_counts" (
	"hour" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"tier" text NOT NULL,
	"result" text NOT NULL,
	"lookups" bigint NOT NULL,
	CONSTRAINT "cache_tier_counts_hour_kind_tier_result_pk" PRIMARY KEY("hour","kind","tier","result")
);
--> statement-breakpoint
CREATE TABLE "cache_values" (
	"key" text PRIMARY KEY NOT NULL,
	"value" "bytea" NOT NULL,
	"bytes" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cache_values_expiry_idx" ON "cache_values" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "cache_values_use_idx" ON "cache_values" USING btree ("used_at");