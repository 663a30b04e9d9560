/* What is opened now and then while assessing: loaded with the first of them. */
export { BankDialog, BankPicker } from "../parts/bank-picker";
export { CopyComment } from "./copy";
export { Duplicate } from "./duplicate";
export { Keys } from "./keys";
export { Paste } from "./paste";
export { Ready } from "./ready";
export { Remind } from "./remind";
