CREATE TABLE "cluster_nodes" (
	"id" text PRIMARY KEY NOT NULL,
	"base_url" text,
	"slots" integer,
	"weight" real,
	"is_draining" boolean DEFAULT false NOT NULL,
	"is_removed" boolean DEFAULT false NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_by" text
);
--> statement-breakpoint
CREATE TABLE "continuation_tests" (
	"digest" text NOT NULL,
	"version" text NOT NULL,
	"passed" boolean NOT NULL,
	"tested_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "continuation_tests_digest_version_pk" PRIMARY KEY("digest","version")
);
--> statement-breakpoint
ALTER TABLE "cluster_nodes" ADD CONSTRAINT "cluster_nodes_changed_by_users_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;