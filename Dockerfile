# The app alone: database, Redis and nodes are containers of their own (docker-compose.yml).
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit

FROM packages AS built
COPY . .
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
RUN node node_modules/next/dist/bin/next build && rm -rf .next/cache

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 NEXT_MANUAL_SIG_HANDLE=true DROVER_DATA_DIR=/data
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit && npm cache clean --force && mkdir /data /var/run/postgresql && chown node:node /data
COPY --from=built /app/.next ./.next
COPY next.config.mjs tsconfig.json instrumentation.ts proxy.ts ./
COPY --from=built /app/public ./public
COPY assets ./assets
COPY drizzle ./drizzle
COPY embedded/supervisor ./embedded/supervisor
COPY embedded/database ./embedded/database
COPY lib ./lib
USER node
VOLUME /data
EXPOSE 3000
CMD ["node", "--import", "./embedded/supervisor/guard-server.mjs", "node_modules/next/dist/bin/next", "start", "--hostname", "0.0.0.0", "--port", "3000"]
