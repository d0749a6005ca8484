"""LlamaIndex, by the adapter of the package `auriko`."""

import os

from auriko.frameworks.llamaindex import AurikoLlamaIndexLLM
from auriko.route_types import RoutingOptions
from llama_index.core.llms import ChatMessage

llm = AurikoLlamaIndexLLM(
    model="gpt-4o",
    api_base=os.environ["POINTSMAN_BASE_URL"],
    api_key=os.environ["POINTSMAN_API_KEY"],
    routing=RoutingOptions(optimize="cost"),
)
answer = llm.chat([ChatMessage(role="user", content="Repeat exactly: The points are set.")])
print(answer.message.content)
assert answer.message.content

text = ""
for chunk in llm.stream_chat([ChatMessage(role="user", content="Hello!")]):
    text += chunk.delta or ""
assert text
print("ok")
