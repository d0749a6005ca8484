"""The OpenAI Agents SDK, on chat completions and on Responses."""

import asyncio
import os

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from openai import AsyncOpenAI

# Traces would go to OpenAI.
set_tracing_disabled(True)

client = AsyncOpenAI(
    base_url=os.environ["POINTSMAN_BASE_URL"], api_key=os.environ["POINTSMAN_API_KEY"]
)


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"rain in {city}"


async def main() -> None:
    for model in (
        OpenAIChatCompletionsModel(model="gpt-4o", openai_client=client),
        OpenAIResponsesModel(model="gpt-4o", openai_client=client),
    ):
        agent = Agent(
            name="Station", instructions="Be brief.", model=model, tools=[get_weather]
        )
        result = await Runner.run(agent, "Repeat exactly: The points are set.")
        print(result.final_output)
        assert result.final_output
    await client.close()


asyncio.run(main())
print("ok")
