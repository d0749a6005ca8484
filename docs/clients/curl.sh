#!/bin/sh
# Without any client. POINTSMAN_BASE_URL and POINTSMAN_API_KEY name the gateway.
set -eu

curl -sSf "$POINTSMAN_BASE_URL/chat/completions" \
  -H "Authorization: Bearer $POINTSMAN_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello!"}]}'

# Words as they come; -N does not wait for more.
curl -sSfN "$POINTSMAN_BASE_URL/chat/completions" \
  -H "Authorization: Bearer $POINTSMAN_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"model": "gpt-4o", "stream": true, "messages": [{"role": "user", "content": "Hello!"}]}'

echo ok
