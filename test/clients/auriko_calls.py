"""What the recipe for `auriko` has no room for, against a gateway of a test: python auriko_calls.py PART BASE_URL"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

from auriko import (
    APIConnectionError,
    APIStatusError,
    AsyncClient,
    AuthenticationError,
    BadRequestError,
    Client,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)

part, base_url = sys.argv[1:]
text = "The points are set for track nine."
hello = [{"role": "user", "content": "Hello!"}]


def only(provider: str) -> dict:
    """Routing that tells one call's metadata from another's."""
    return {"gateway": {"routing": {"providers": [provider]}}}


def check(metadata, provider: str) -> None:
    assert metadata.provider == provider, metadata
    assert metadata.cost.usd > 0 and metadata.model_canonical == "lab"


async def chat(client: AsyncClient, provider: str) -> str:
    answer = await client.chat.completions.create(model="lab", messages=hello, **only(provider))
    assert answer.choices[0].message.content == text
    check(answer.routing_metadata, provider)
    return answer.response_headers.request_id


async def chat_stream(client: AsyncClient, provider: str) -> str:
    stream = await client.chat.completions.create(
        model="lab", messages=hello, stream=True, **only(provider)
    )
    said = "".join(
        [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    )
    assert said == text and stream.usage.total_tokens == 19
    check(stream.routing_metadata, provider)
    return stream.response_headers.request_id


async def response(client: AsyncClient, provider: str) -> str:
    answer = await client.responses.create(model="lab", input="Hello!", **only(provider))
    assert answer.output_text == text
    check(answer.routing_metadata, provider)
    return answer.response_headers.request_id


async def response_stream(client: AsyncClient, provider: str) -> str:
    events = await client.responses.create(
        model="lab", input="Hello!", stream=True, **only(provider)
    )
    said = "".join([one.delta async for one in events if one.type == "response.output_text.delta"])
    assert said == text
    check(events.completed_response.routing_metadata, provider)
    return events.response_headers.request_id


async def parallel() -> None:
    """A hundred calls of all kinds at once, each with its own metadata."""
    kinds = [chat, chat_stream, response, response_stream]
    async with AsyncClient(api_key="pk-lab", base_url=base_url) as client:
        ids = await asyncio.gather(
            *(kinds[at % 4](client, f"p{at // 4 % 2}") for at in range(100))
        )
    assert len(set(ids)) == 100


def threads() -> None:
    """The same of one client without async, which twenty threads share."""
    with Client(api_key="pk-lab", base_url=base_url) as client:

        def ask(at: int) -> str:
            provider = f"p{at % 2}"
            answer = client.chat.completions.create(
                model="lab", messages=hello, **only(provider)
            )
            check(answer.routing_metadata, provider)
            return answer.response_headers.request_id

        with ThreadPoolExecutor(20) as pool:
            assert len(set(pool.map(ask, range(100)))) == 100


def responses() -> None:
    with Client(api_key="pk-lab", base_url=base_url) as client:
        answer = client.responses.create(model="lab", input="Hello!", instructions="Be brief.")
        assert answer.output_text == text and answer.status == "completed"
        assert answer.usage.total_tokens == 19
        events = client.responses.create(model="lab", input="Hello!", stream=True)
        kinds = [event.type for event in events]
        assert kinds[0] == "response.created" and kinds[-1] == "response.completed"
        assert events.completed_response.output_text == text


def failure(
    kind: type[Exception], code: str, status: int, *, key: str = "pk-lab", to: str = base_url, **call
) -> Exception:
    """The error of a call, whole or read to its end; asked once."""
    client = Client(api_key=key, base_url=to, max_retries=0)
    create = client.responses.create if "input" in call else client.chat.completions.create
    try:
        answer = create(**{"model": "lab"} | call)
        if call.get("stream"):
            for _ in answer:
                pass
    except kind as error:
        found = (error.code, error.status_code)
        assert found == (code, status), found
        return error
    raise AssertionError(f"{code} did not come")


def errors() -> None:
    chat = {"messages": hello}
    failing = {"messages": [{"role": "user", "content": "fail"}]}
    for stream in ({}, {"stream": True}):
        error = failure(NotFoundError, "model_not_found", 404, **chat | stream | {"model": "no"})
        assert error.param == "model" and error.request_id.startswith("req_")
        failure(AuthenticationError, "invalid_api_key", 401, key="pk-nobody", **chat, **stream)
        failure(APIStatusError, "upstream_error", 502, **failing, **stream)
    failure(AuthenticationError, "expired_api_key", 401, key="pk-old", **chat)
    failure(PermissionDeniedError, "insufficient_permissions", 403, key="pk-reader", **chat)
    failure(BadRequestError, "invalid_parameter_value", 400, **chat, temperature=9)
    failure(NotFoundError, "model_not_found", 404, input="Hello!", model="no")

    Client(api_key="pk-slow", base_url=base_url).chat.completions.create(model="lab", **chat)
    error = failure(RateLimitError, "rate_limit_exceeded", 429, key="pk-slow", **chat)
    assert error.response_headers.retry_after_seconds > 0

    # What breaks off in the midst of a stream is told within it.
    broken = {"messages": [{"role": "user", "content": "break off"}]}
    failure(APIStatusError, "upstream_error", 200, stream=True, **broken)
    client = Client(api_key="pk-lab", base_url=base_url)
    events = client.responses.create(model="lab", input="break off", stream=True)
    assert [event.type for event in events][-1] == "response.failed"
    failed = events.completed_response
    assert failed.status == "failed" and failed.error.code == "upstream_error"
    assert failed.routing_metadata.provider
    failure(APIConnectionError, "api_connection_error", 0, to="http://127.0.0.1:1/v1", **chat)


parts = {"parallel": parallel, "threads": threads, "responses": responses, "errors": errors}
done = parts[part]()
if done is not None:
    asyncio.run(done)
