import type { Explanation } from "@pointsman/core";
import { table, usd } from "./table.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** An explanation as a person reads it: candidates with their terms, then the rejected. */
export const explanationTable = (explanation: Explanation): string => {
  const { prompt, output, weights } = explanation;
  const head = [
    `strategy  ${explanation.strategy}  (weights: cost ${weights.cost.toFixed(2)}, ttft ${weights.ttft.toFixed(2)}, throughput ${weights.throughput.toFixed(2)})`,
    `prompt    ${Math.round(prompt.tokens)} tokens (${Math.round(prompt.tokensLow)}–${Math.round(prompt.tokensHigh)})`,
    `output    ${Math.round(output.mean)} tokens expected, p95 ${Math.round(output.p95)}`,
  ];
  const candidates = table(
    [
      { head: "#", numeric: true },
      { head: "provider" },
      { head: "model id" },
      { head: "score", numeric: true },
      { head: "cost now", numeric: true },
      { head: "to go", numeric: true },
      { head: "time", numeric: true },
      { head: "ttft ms", numeric: true },
      { head: "tokens/s", numeric: true },
      { head: "success", numeric: true },
      { head: "state" },
      { head: "why" },
    ],
    explanation.candidates.map((candidate) => [
      String(candidate.rank),
      candidate.provider,
      candidate.providerModelId,
      candidate.score.toFixed(4),
      usd(candidate.terms.cost.now),
      usd(candidate.terms.cost.toGo),
      usd(candidate.terms.cost.time),
      candidate.expected.ttftMs.toFixed(0),
      candidate.expected.throughputTps.toFixed(1),
      percent(candidate.expected.successProbability),
      candidate.state,
      candidate.reasons.join("; "),
    ]),
  );
  const rejected = table(
    [{ head: "rejected" }, { head: "model id" }, { head: "code" }, { head: "reason" }],
    explanation.rejected.map(({ provider, providerModelId, code, message }) => [
      provider,
      providerModelId,
      code,
      message,
    ]),
  );
  const { failure } = explanation.decision;
  return [
    ...head,
    "",
    ...(failure === null ? [candidates] : [`nothing is left: ${failure.code}: ${failure.message}`]),
    ...(explanation.rejected.length === 0 ? [] : ["", rejected]),
  ].join("\n");
};
