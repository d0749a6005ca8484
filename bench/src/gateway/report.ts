import { machineLine } from "../machine.ts";
import type { BarChart } from "../report/bar-chart.ts";
import { renderTable } from "../report/table.ts";
import { figure, spreadText } from "../statistics.ts";
import type { GatewayResult } from "./summarise.ts";

const tableRows = (result: GatewayResult): readonly (readonly string[])[] =>
  result.workloads.flatMap(({ title, servers }) =>
    servers.map(({ server, figures, multiples }, index) => [
      `${title}, ${server}`,
      figure(figures.cpuMicrosPerRequest.median),
      index === 0 ? "1" : spreadText(multiples.cpuMicrosPerRequest),
      figure(figures.p50Ms.median),
      index === 0 ? "1" : spreadText(multiples.p50Ms),
      figure(figures.p99Ms.median),
      index === 0 ? "1" : spreadText(multiples.p99Ms),
      figure(figures.requestsPerSecond.median),
      index === 0 ? "1" : spreadText(multiples.requestsPerSecond),
    ]),
  );

const rateRows = (result: GatewayResult): readonly (readonly string[])[] =>
  result.sameRate.flatMap(({ title, servers }) =>
    servers.map(({ server, figures, multiples }, index) => [
      `${title}, ${server}`,
      figure(figures.cpuMicrosPerRequest.median),
      index === 0 ? "1" : spreadText(multiples.cpuMicrosPerRequest),
      figure(figures.requestsPerSecond.median),
    ]),
  );

/** The result as text for a terminal. */
export const gatewayText = (result: GatewayResult): string => {
  const { rounds, seconds, concurrency } = result.settings;
  const multiple = `× ${result.servers[0]?.name ?? ""} (min–max)`;
  const { aim } = result;
  return [
    machineLine(result.machine),
    `${rounds} rounds of ${seconds} s, ${concurrency} requests in flight, medians`,
    ...result.servers.map(({ name, command }) => `${name}: ${command}`),
    "",
    renderTable(
      [
        "workload, server",
        "CPU µs/req",
        multiple,
        "p50 ms",
        multiple,
        "p99 ms",
        multiple,
        "req/s",
        multiple,
      ],
      tableRows(result),
    ),
    "",
    "All servers at the same rate",
    renderTable(["workload, server", "CPU µs/req", multiple, "req/s"], rateRows(result)),
    "",
    "CPU per request as a multiple of the floor (peers: measured before, comparable machine)",
    renderTable(
      ["", ...result.workloads.map(({ title }) => title)],
      [
        [
          "Pointsman's aim",
          ...result.workloads.map(({ workload }) => `≤ ${aim[workload].toFixed(1)}`),
        ],
        ...result.references.map(({ name, multiples }) => [
          name,
          ...result.workloads.map(({ workload }) => String(multiples[workload])),
        ]),
      ],
    ),
    "",
  ].join("\n");
};

/** Peers beyond this multiple would press every other bar flat; they stand in the note. */
const longestBar = 20;

/** CPU per request as multiples of the reference server. */
export const gatewayChart = (result: GatewayResult): BarChart => {
  const beyond = result.references.filter(({ multiples }) =>
    Object.values(multiples).some((value) => value > longestBar),
  );
  const beyondText = beyond.map(
    ({ name, multiples }) =>
      `${name} ${result.workloads.map(({ workload }) => multiples[workload]).join(" / ")} ×`,
  );
  return {
    title: "CPU per request, × a bare proxy",
    note: [
      `${result.machine.cpu}, ${result.machine.cores} cores, Node ${result.machine.node}, ${result.machine.date.slice(0, 10)}; outlined: measured before`,
      ...beyondText,
    ].join("; "),
    scale: "linear",
    groups: result.workloads.map(({ workload, title, servers }) => ({
      label: title,
      goal: { value: result.aim[workload], text: `aim ${result.aim[workload].toFixed(1)}` },
      bars: [
        ...servers.map(({ server, figures, multiples }) => ({
          label: server,
          value: multiples.cpuMicrosPerRequest.median,
          text: `${figure(multiples.cpuMicrosPerRequest.median)} ×, ${figure(figures.cpuMicrosPerRequest.median)} µs`,
        })),
        ...result.references
          .filter((reference) => !beyond.includes(reference))
          .map(({ name, multiples }) => ({
            label: name,
            value: multiples[workload],
            text: `${multiples[workload]} ×`,
            outlined: true,
          })),
      ],
    })),
  };
};
