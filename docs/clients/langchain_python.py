"""LangChain: its own ChatOpenAI with only base_url changed, and the adapter of the package `auriko`."""

import os

from auriko.frameworks.langchain import AurikoChatOpenAI
from auriko.route_types import RoutingOptions
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

base_url = os.environ["POINTSMAN_BASE_URL"]
api_key = os.environ["POINTSMAN_API_KEY"]

chat = ChatOpenAI(
    model="gpt-4o",
    base_url=base_url,
    api_key=api_key,
    extra_body={"gateway": {"routing": {"optimize": "cost"}}},
)
answer = chat.invoke("Repeat exactly: The points are set.")
print(answer.content)
assert answer.usage_metadata["total_tokens"] > 0
assert "".join(chunk.text for chunk in chat.stream("Hello!"))


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"rain in {city}"


assert chat.bind_tools([get_weather]).invoke("Hello!") is not None

routed = AurikoChatOpenAI(
    model="claude-sonnet-4-20250514",
    base_url=base_url,
    api_key=api_key,
    routing=RoutingOptions(optimize="ttft"),
)
answer = routed.invoke("Hello!")
assert answer.response_metadata["routing_metadata"]["provider"]
print("ok")
