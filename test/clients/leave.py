"""Asks for a stream, leaves it at its first word, prints when that was (Unix ms), and stays alive a while.

    python leave.py CLIENT BASE_URL API_KEY
"""

import asyncio
import sys
import time

from anthropic import Anthropic, AsyncAnthropic
from auriko import AsyncClient, Client
from openai import AsyncOpenAI, OpenAI

name, base_url, api_key = sys.argv[1:]
content = "Which track is the express on today?"
messages = [{"role": "user", "content": content}]
chat = {"model": "lab", "messages": messages, "stream": True}
response = {"model": "lab", "input": content, "stream": True}
message = chat | {"max_tokens": 500}
openai = {"base_url": base_url, "api_key": api_key}
anthropic = {"base_url": base_url.removesuffix("/v1"), "auth_token": api_key}

clients = {
    "openai, chat": lambda: OpenAI(**openai).chat.completions.create(**chat),
    "openai, Responses": lambda: OpenAI(**openai).responses.create(**response),
    "openai, async": lambda: AsyncOpenAI(**openai).chat.completions.create(**chat),
    "openai, async, cancelled": lambda: AsyncOpenAI(**openai).chat.completions.create(**chat),
    "anthropic": lambda: Anthropic(**anthropic).messages.create(**message),
    "anthropic, async": lambda: AsyncAnthropic(**anthropic).messages.create(**message),
    "auriko, chat": lambda: Client(**openai).chat.completions.create(**chat),
    "auriko, Responses": lambda: Client(**openai).responses.create(**response),
    "auriko, async": lambda: AsyncClient(**openai).chat.completions.create(**chat),
    "auriko, async, cancelled": lambda: AsyncClient(**openai).chat.completions.create(**chat),
}


def is_word(one) -> bool:
    """Whether this chunk or event says something."""
    choices = getattr(one, "choices", None)
    if choices:
        return bool(choices[0].delta.content)
    return getattr(one, "type", None) in ("response.output_text.delta", "content_block_delta")


def has_left() -> None:
    print(time.time() * 1000, flush=True)


async def leave(stream) -> None:
    async for one in stream:
        if is_word(one):
            has_left()
            await stream.close()
            return


async def leave_cancelled(stream) -> None:
    """As a web framework does it: the task that reads is cancelled."""
    said = asyncio.Event()

    async def read() -> None:
        async for one in stream:
            if is_word(one):
                said.set()

    reading = asyncio.create_task(read())
    await said.wait()
    has_left()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


async def leave_async() -> None:
    stream = await clients[name]()
    await (leave_cancelled if "cancelled" in name else leave)(stream)
    # Nothing but the leaving may end the call: the client lives on, and holds the stream.
    await asyncio.sleep(2)
    del stream


if "async" in name:
    asyncio.run(leave_async())
else:
    stream = clients[name]()
    for one in stream:
        if is_word(one):
            has_left()
            stream.close()
            break
    time.sleep(2)
