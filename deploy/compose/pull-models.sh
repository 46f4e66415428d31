#!/bin/sh
# Pulls the chat and the embedding model on every node of NODES, then gives the chat model small prompt batches: on CPU an
# aborted prompt then frees its slot in about a second instead of three, and one prompt does not freeze the other streams.
set -eu

directory=$(mktemp -d)
cd "$directory"
printf 'FROM %s\nPARAMETER num_batch %s\n' "$CHAT_MODEL" "$NUM_BATCH" > Modelfile

for node in $NODES; do
  export OLLAMA_HOST="$node"
  echo "$node: pulling $CHAT_MODEL and $EMBED_MODEL"
  ollama pull "$CHAT_MODEL"
  ollama pull "$EMBED_MODEL"
  ollama create "$CHAT_MODEL" --file Modelfile
done
echo "All nodes have both models."
