/** Which defect a machine has: a network trained by `npm run models` on the physical model of tools/models/shipped/machine.ts. */
import { embeddedNetwork } from "hibernode/classify/network";
import { dense } from "hibernode/classify/operators";

export const open = () =>
  embeddedNetwork(
    atob(
      "SEJNMQEAAADIAQAAt7aMbhAAAAAEAAAAAwAAAAIAAAAAAAAAAAAAAAEAAADAAAAAmgAAAEdVRT4AAAAAAAAAAAEAAAAAAAAACAAAAOAAAACgAAAACAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAACAAAAAAAAACAAQAASAAAAAMAAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACaAAAA34U0Qsg3RkK/vklCvl42QhMMwkIstbRCMIWXQiwhtkIAAACtlk+OPwCACEX7JGZAAAAArZZPjj8AfPrJUrF2wAAAAK2WT44/AHBTVxDDVkAAAACtlk+OPwDwMh5d6EBAAAAArZZPjj8AQMzY0kpnwAAAAK2WT44/ADhwN5wvUUAAAACtlk+OPwAABqoEyTpAAAAArZZPjj8AcEaWsy5awLtMtfFHYxv1zErH/eehUx8fXwLfw9osHGXViTx/2PL5AACA3UIWbj8AhmMslB9jQAAAgN1CFm4/AGqJeiN1Y0AAAIDdQhZuP4DAmt54TmNAvAKXyg6dRU03RzHNFBOBud/T4SfRPxmY",
    ),
    { 1: dense },
  );

export const IMBALANCE = 0;
export const GEAR = 1;
export const BEARING = 2;
