import type { Admission } from "./admission.ts";
import type { Purse, PurseBill } from "./purse.ts";

/** Pays the attempts of one run. */
export class Till {
  readonly #purse: Purse | undefined;
  readonly #payments: Promise<void>[] = [];

  constructor(purse: Purse | undefined) {
    this.#purse = purse;
  }

  pay({ attempt }: Admission, bill: Omit<PurseBill, "attempt">): void {
    if (this.#purse === undefined || attempt === null) return;
    this.#payments.push(this.#purse.settle({ attempt, ...bill }));
  }

  /** Calls `then` once all is paid, at once where there is nothing to pay. */
  whenPaid(then: () => void): void {
    if (this.#payments.length === 0) then();
    else void Promise.all(this.#payments).then(then);
  }
}
