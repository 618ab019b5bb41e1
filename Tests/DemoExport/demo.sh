#!/usr/bin/env bash
# The main job on the bundled export: inspect, plan, migrate, sync a later snapshot, verify.
set -euo pipefail
deskferry=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
out=$(pwd)/demo-out
rm -rf "$out"
mkdir -p "$out"
cd "$out"
cp -r "$here/base" export

say() { printf '\n== %s\n   deskferry %s\n\n' "$1" "${*:2}"; }
run() { say "$@"; "$deskferry" "${@:2}" --no-color; }

run "What platforms are known" connectors
run "What the export holds" inspect zendesk:export
run "What a migration would write" plan zendesk:export intercom:intercom
run "The migration" migrate zendesk:export intercom:intercom
cp "$here"/later/* export/
run "A week later: only what changed" sync zendesk:export intercom:intercom
run "Nothing changed since" sync zendesk:export intercom:intercom
run "Proof, message by message" verify zendesk:export intercom:intercom
run "Where the migration stands" status
run "And the neutral bundle, for archives and scripts" convert intercom:intercom neutral:bundle
test -f intercom/conversations.jsonl
test -f intercom/delta-0001/conversations.jsonl
test ! -e intercom/delta-0002
printf '\nDemo passed: 25 conversations were migrated, kept in step and verified; the files stand in %s.\n' "${out##*/}"
