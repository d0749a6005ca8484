"""The anthropic package, only base_url changed. Its base has no /v1."""

import os

import anthropic
from anthropic import Anthropic

client = Anthropic(
    base_url=os.environ["POINTSMAN_BASE_URL"].removesuffix("/v1"),
    auth_token=os.environ["POINTSMAN_API_KEY"],
)

message = client.messages.create(
    model="claude-sonnet-4-20250514",
    max_tokens=200,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(message.content[0].text)

# Any model answers, not only Claude.
message = client.messages.create(
    model="gpt-4o",
    max_tokens=200,
    messages=[{"role": "user", "content": "Hello!"}],
    extra_body={"gateway": {"routing": {"optimize": "cost"}}},
)
assert message.content[0].text
assert message.model_extra["routing_metadata"]["cost"]["usd"] >= 0

with client.messages.stream(
    model="claude-sonnet-4-20250514",
    max_tokens=200,
    messages=[{"role": "user", "content": "Hello!"}],
) as stream:
    assert "".join(stream.text_stream)
    assert stream.get_final_message().stop_reason == "end_turn"

count = client.messages.count_tokens(
    model="gpt-4o", messages=[{"role": "user", "content": "Hello!"}]
)
assert count.input_tokens > 0

assert any(model.id == "gpt-4o" for model in client.models.list())

try:
    client.messages.create(
        model="nobody", max_tokens=5, messages=[{"role": "user", "content": "x"}]
    )
    raise SystemExit("an unknown model is an error")
except anthropic.NotFoundError as error:
    assert error.body["error"]["details"]["error_code"] == "model_not_found"
print("ok")
