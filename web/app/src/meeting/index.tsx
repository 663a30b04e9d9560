/* Pages of meetings. */
export { Meetings } from "./list";
export { Conference } from "./live";
export { MeetingPage } from "./page";
export { PlanMeeting } from "./planning";
