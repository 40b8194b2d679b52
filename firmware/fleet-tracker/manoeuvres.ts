/** How a vehicle is driven: trained by `npm run models` on the physical model of tools/models/shipped/vehicle.ts. */
import { openLinear } from "hibernode/classify/linear";

export const open = () =>
  openLinear(
    atob(
      "GAUAAABmAZNoPwA6m3AoZGxAAAAAZgGTaD8Altjgg4tsQAAAAGYBk2g/AGj7bnOpS8AAAABmAZNoPwCAQ3HCPzjAAAAAZgGTaD8APS0r5pZwQAH59Qnfw7zgBPz/A9+3ut/+CAT9KD48KJ3I0ZolPT4p/f77/ezm4e37BAD89vTw8H9KSH0pQkYsAf77AOLk4uUNBP4F6PH29/X8+vTv5t/qa0FEayk/PyIE/v8B/Of1A+75+O3k2OHhlMfGlilBRC318/8B/vbq7gZx0EFO8QVDyP+sQXl9BkP1R6xBbJQGQ2Hcy0HxTQZD9yzqQqE/qUI7kcpCQ1KtQilAzEKKm6xCvwnuQhwEqELEkaNB8foAQ6vGhkGbHAFDwbKGQVAEAUOBuKFBGPUAQ9XkvELAuqRC/RSkQpFuqUIWeKRCLrqoQmXJvELLYKRCxnUNQ26mnMRFnw5DtQaexCa3DkOwJp7EuTEPQ9K2nsQ56+RCo6CQQj1h5EJAepFCU6/mQpDuj0J8suJCM+mRQg==",
    ),
  );

export const QUIET = 0;
export const BRAKES = 1;
export const STARTS = 2;
export const LEFT = 3;
export const RIGHT = 4;
