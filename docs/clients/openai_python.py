"""The openai package, only base_url changed. POINTSMAN_BASE_URL and POINTSMAN_API_KEY name the gateway."""

import os

import openai
from openai import OpenAI

client = OpenAI(
    base_url=os.environ["POINTSMAN_BASE_URL"],
    api_key=os.environ["POINTSMAN_API_KEY"],
)

answer = client.chat.completions.create(
    model="gpt-4o",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)
print("answered by", answer.model_extra["routing_metadata"]["provider"])

# The same client asks for a model of another vendor.
answer = client.chat.completions.create(
    model="claude-sonnet-4-20250514",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)

# Routing options go beside the request.
stream = client.chat.completions.create(
    model="gpt-4o",
    messages=[{"role": "user", "content": "Hello!"}],
    stream=True,
    extra_body={"gateway": {"routing": {"optimize": "ttft"}}},
)
text, last = "", None
for chunk in stream:
    last = chunk
    if chunk.choices:
        text += chunk.choices[0].delta.content or ""
assert text and last is not None
assert last.usage.total_tokens > 0
assert last.model_extra["routing_metadata"]["routing_strategy"] == "ttft"

response = client.responses.create(model="gpt-4o", input="Hello!")
assert response.output_text

with client.responses.stream(model="gpt-4o", input="Hello!") as events:
    for event in events:
        pass
    assert events.get_final_response().output_text

try:
    client.chat.completions.create(model="gpt-4o-mega", messages=[{"role": "user", "content": "x"}])
    raise SystemExit("an unknown model is an error")
except openai.NotFoundError as error:
    assert error.code == "model_not_found"
    assert "gpt-4o" in error.body["suggestion"]

assert client.models.retrieve("gpt-4o").id == "gpt-4o"
assert any(model.id == "gpt-4o" for model in client.models.list())
print("ok")
