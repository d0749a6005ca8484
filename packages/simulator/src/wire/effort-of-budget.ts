/** A budget of thinking, tokens, as the effort that a simulated model makes of it. */
export const effortOfBudget = (tokens: number): string => {
  if (tokens < 5000) return "low";
  return tokens < 15_000 ? "medium" : "high";
};
