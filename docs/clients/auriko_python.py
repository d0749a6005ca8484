"""The published Apache-2.0 package `auriko` is the Python client of this wire."""

import asyncio
import os

import openai
from auriko import (
    AsyncClient,
    AurikoAsyncOpenAI,
    BadRequestError,
    Client,
    NotFoundError,
    map_openai_error,
    parse_routing_metadata,
)

base_url = os.environ["POINTSMAN_BASE_URL"]
api_key = os.environ["POINTSMAN_API_KEY"]
hello = [{"role": "user", "content": "Hello!"}]

client = Client(api_key=api_key, base_url=base_url)
answer = client.chat.completions.create(model="gpt-4o", messages=hello)
print(answer.choices[0].message.content)
print("answered by", answer.routing_metadata.provider, "for", answer.routing_metadata.cost.usd)

stream = client.chat.completions.create(model="gpt-4o", messages=hello, stream=True)
text = "".join(
    chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices
)
assert text
assert stream.usage.total_tokens > 0
assert stream.routing_metadata.provider

response = client.responses.create(model="gpt-4o", input="Hello!")
assert response.output_text and response.routing_metadata.provider
events = client.responses.create(model="gpt-4o", input="Hello!", stream=True)
for event in events:
    pass
assert events.completed_response.routing_metadata.provider

several = client.chat.completions.create(
    messages=hello,
    gateway={"models": ["gpt-4o", "claude-sonnet-4-20250514"], "routing": {"mode": "fallback"}},
)
assert several.routing_metadata.model_canonical == "gpt-4o"

assert client.models.retrieve("gpt-4o").id == "gpt-4o"
assert client.models.list().data
assert client.models.list_directory().models["gpt-4o"].providers
assert client.models.list_registry().models
assert client.models.list_providers().providers
assert client.me.get().key_id

try:
    client.chat.completions.create(model="nobody", messages=hello)
    raise SystemExit("an unknown model is an error")
except NotFoundError as error:
    assert error.code == "model_not_found" and error.request_id

try:
    client.chat.completions.create(
        model="gpt-4o", messages=hello, extra_body={"gateway": {"routing": {"optimise": "cost"}}}
    )
    raise SystemExit("an unknown option is an error")
except BadRequestError as error:
    assert error.code == "unknown_field" and error.param == "gateway.routing.optimise"


async def parallel() -> None:
    async with AsyncClient(api_key=api_key, base_url=base_url) as many:
        answers = await asyncio.gather(
            *(many.chat.completions.create(model="gpt-4o", messages=hello) for _ in range(100))
        )
        assert all(one.routing_metadata.provider for one in answers)

        async def streamed() -> str:
            said = ""
            async for chunk in await many.chat.completions.create(
                model="gpt-4o", messages=hello, stream=True
            ):
                if chunk.choices:
                    said += chunk.choices[0].delta.content or ""
            return said

        assert all(await asyncio.gather(*(streamed() for _ in range(100))))

    bridge = AurikoAsyncOpenAI(api_key=api_key, base_url=base_url)
    reply = await bridge.chat.completions.create(model="gpt-4o", messages=hello)
    assert parse_routing_metadata(reply).provider
    async for _ in await bridge.chat.completions.create(
        model="gpt-4o", messages=hello, stream=True
    ):
        pass
    assert bridge.last_routing_metadata.provider
    await bridge.close()


asyncio.run(parallel())

try:
    openai.OpenAI(api_key=api_key, base_url=base_url).chat.completions.create(
        model="nobody", messages=hello
    )
    raise SystemExit("an unknown model is an error")
except openai.APIStatusError as error:
    assert isinstance(map_openai_error(error), NotFoundError)
print("ok")
