#!/usr/bin/env bash
# Brings the tables up to date with their pages, and tells the host: a pull request where a file changed, an issue where nothing
# changed and something was not read. EDITIONS names the editions; `gh` is the host's program.
set -euo pipefail
title="Bring the tables up to date with their pages"
unread="A page could not be read as a whole"
body="$RUNNER_TEMP/body.md"
whole="$RUNNER_TEMP/whole.md"

read -ra editions <<< "$EDITIONS"
status=0
cargo xtask update "${editions[@]}" --whole "$whole" > "$body" || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi
if [ -f "$whole" ]; then cat "$whole" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"; fi

changed=$(git status --porcelain -- codes generated)
if [ -n "$changed" ]; then
  git config user.name "github-actions[bot]"
  git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
  git switch --quiet --force-create update/pages
  git add codes generated
  git commit --quiet --message "$title"
  git push --quiet --force origin update/pages
  pull=$(gh pr list --head update/pages --state open --json number --jq '.[].number' | head -n 1)
  if [ -n "$pull" ]; then
    gh pr edit "$pull" --body-file "$body"
  else
    gh pr create --head update/pages --title "$title" --body-file "$body"
  fi
fi

issue=$(gh issue list --state open --search "$unread in:title" --json number --jq '.[].number' | head -n 1)
if [ "$status" -ne 0 ] && [ -z "$changed" ]; then
  # What is not read is not up to date, and nobody reads the log of a job.
  if [ -n "$issue" ]; then
    gh issue edit "$issue" --body-file "$body"
  else
    gh issue create --title "$unread" --body-file "$body"
  fi
elif [ "$status" -eq 0 ] && [ -n "$issue" ]; then
  gh issue close "$issue" --comment "The pages were read as a whole again."
fi
exit "$status"
