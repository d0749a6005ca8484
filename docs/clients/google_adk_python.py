"""Google's Agent Development Kit: its own OpenAILlm with only base_url changed, and the adapter of `auriko`."""

import asyncio
import os

from auriko.frameworks.adk import AurikoLlm
from auriko.route_types import RoutingOptions
from google.adk.agents import Agent, RunConfig
from google.adk.agents.run_config import StreamingMode
from google.adk.events import Event
from google.adk.integrations.openai import OpenAILlm
from google.adk.models import BaseLlm
from google.adk.runners import InMemoryRunner

base_url = os.environ["POINTSMAN_BASE_URL"]
api_key = os.environ["POINTSMAN_API_KEY"]


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"rain in {city}"


async def ask(model: BaseLlm, mode: StreamingMode) -> list[Event]:
    """What happens when an agent is asked; the answer is the last."""
    agent = Agent(name="station", instruction="Be brief.", model=model, tools=[get_weather])
    runner = InMemoryRunner(agent=agent)
    events = await runner.run_debug(
        "Repeat exactly: The points are set.", run_config=RunConfig(streaming_mode=mode), quiet=True
    )
    await runner.close()
    return events


async def main() -> None:
    chat = OpenAILlm(model="gpt-4o", base_url=base_url, api_key=api_key)
    [answer] = await ask(chat, StreamingMode.NONE)
    print(answer.content.parts[0].text)
    *pieces, answer = await ask(chat, StreamingMode.SSE)
    assert pieces and answer.content.parts[0].text

    routed = AurikoLlm(
        model="claude-sonnet-4-20250514",
        base_url=base_url,
        api_key=api_key,
        routing=RoutingOptions(optimize="cost"),
    )
    for mode in (StreamingMode.NONE, StreamingMode.SSE):
        *_, answer = await ask(routed, mode)
        assert answer.content.parts[0].text
        assert answer.custom_metadata["routing_metadata"]["routing_strategy"] == "cost"


asyncio.run(main())
print("ok")
