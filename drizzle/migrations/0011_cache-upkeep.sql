CREATE TABLE "cache_blocked_pairs" (
	"workspace_id" uuid NOT NULL,
	"one_key" text NOT NULL,
	"other_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cache_blocked_pairs_workspace_id_one_key_other_key_pk" PRIMARY KEY("workspace_id","one_key","other_key")
);
--> statement-breakpoint
CREATE TABLE "cache_listed_questions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"exact_key" text NOT NULL,
	"question" text NOT NULL,
	"collection_ids" uuid[] NOT NULL,
	"answer" text,
	"snapshot" jsonb,
	"cited" jsonb,
	"ranked_chunk_ids" text[],
	"generations" jsonb,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cache_prewarm_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"trigger" text NOT NULL,
	"outcome" text NOT NULL,
	"counts" jsonb NOT NULL,
	"cost_ms" bigint DEFAULT 0 NOT NULL,
	"cost_tokens" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cache_shadows" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"entry_id" uuid NOT NULL,
	"answer_key" text NOT NULL,
	"result" text NOT NULL,
	"question" text NOT NULL,
	"user_id" text NOT NULL,
	"collection_ids" uuid[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"checked_at" timestamp with time zone,
	"agrees" boolean
);
--> statement-breakpoint
CREATE TABLE "cache_wordings" (
	"workspace_id" uuid NOT NULL,
	"scope_key" text NOT NULL,
	"exact_key" text NOT NULL,
	"question" text NOT NULL,
	"user_id" text NOT NULL,
	"collection_ids" uuid[] NOT NULL,
	"asked" integer NOT NULL,
	"last_asked_at" timestamp with time zone NOT NULL,
	"missed_at" timestamp with time zone,
	"verified_at" timestamp with time zone,
	"verdict" text,
	CONSTRAINT "cache_wordings_scope_key_exact_key_pk" PRIMARY KEY("scope_key","exact_key")
);
--> statement-breakpoint
CREATE TABLE "leader_leases" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "cache_aliases" ADD COLUMN "answer_key" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "cache_aliases" ADD COLUMN "proof" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "cache_blocked_pairs" ADD CONSTRAINT "cache_blocked_pairs_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_listed_questions" ADD CONSTRAINT "cache_listed_questions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_shadows" ADD CONSTRAINT "cache_shadows_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_shadows" ADD CONSTRAINT "cache_shadows_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_wordings" ADD CONSTRAINT "cache_wordings_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cache_wordings" ADD CONSTRAINT "cache_wordings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "cache_listed_questions_key" ON "cache_listed_questions" USING btree ("workspace_id","exact_key");--> statement-breakpoint
CREATE INDEX "cache_prewarm_runs_started_idx" ON "cache_prewarm_runs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "cache_shadows_workspace_idx" ON "cache_shadows" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "cache_wordings_workspace_idx" ON "cache_wordings" USING btree ("workspace_id","last_asked_at");