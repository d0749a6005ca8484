"""CrewAI: its own LLM with only base_url changed, and the adapter of the package `auriko`."""

import os

from auriko.frameworks.crewai import AurikoCrewAILLM
from auriko.route_types import RoutingOptions
from crewai import LLM, Agent, Crew, Task

base_url = os.environ["POINTSMAN_BASE_URL"]
api_key = os.environ["POINTSMAN_API_KEY"]


def run(llm: LLM) -> str:
    """What a crew of one agent makes of one task."""
    agent = Agent(role="Pointsman", goal="Set the points", backstory="Brief by nature.", llm=llm)
    task = Task(
        description="Repeat exactly: The points are set.", expected_output="Those words.", agent=agent
    )
    return Crew(agents=[agent], tasks=[task]).kickoff().raw


said = run(LLM(model="gpt-4o", provider="openai", base_url=base_url, api_key=api_key))
print(said)
assert said

streamed = LLM(model="gpt-4o", provider="openai", base_url=base_url, api_key=api_key, stream=True)
assert run(streamed)

routed = AurikoCrewAILLM(
    model="claude-sonnet-4-20250514",
    base_url=base_url,
    api_key=api_key,
    routing=RoutingOptions(optimize="cost"),
)
assert run(routed.llm)
assert routed.last_routing_metadata.routing_strategy == "cost"
print("ok")
