/** A running sum that keeps what each addition rounds away (Neumaier): the error does not grow with the number of terms. */
export class CompensatedSum {
  #total = 0;
  #lost = 0;

  add(term: number): void {
    const total = this.#total + term;
    this.#lost += Math.abs(this.#total) >= Math.abs(term) ? this.#total - total + term : term - total + this.#total;
    this.#total = total;
  }

  get value(): number {
    return this.#total + this.#lost;
  }
}
