/* The pages of administration, loaded when an administrator opens one. */
import type { JSX } from "preact";
import { Missing } from "../pages/other";
import { later } from "../parts/later";
import { Connect } from "./connect";
import { Launches } from "./launches";
import { LaunchPage } from "./launch";
import { Objectives } from "./objectives";
import { PlatformPage } from "./platform";
import { Platforms } from "./platforms";
import { Relations } from "./relations";
import { SchoolRules } from "./school";
import { TemplatePage } from "./template";
import { Templates } from "./templates";

const SchoolBank = later(() => import("./bank"), "SchoolBank", "reviews");

const routes: [RegExp, (id: string) => JSX.Element][] = [
  [/^(?:admin(?:\/platforms)?)?$/, () => <Platforms />],
  [/^admin\/platforms\/([^/]+)$/, (id) => <PlatformPage id={id} key={id} />],
  [/^admin\/connect$/, () => <Connect lms="" />],
  [/^admin\/connect\/([^/]+)$/, (id) => <Connect lms={id} key={id} />],
  [/^admin\/launches$/, () => <Launches platform="" />],
  [/^admin\/launches\/platform\/([^/]+)$/, (id) => <Launches platform={id} key={id} />],
  [/^admin\/launches\/([^/]+)$/, (id) => <LaunchPage id={id} key={id} />],
  [/^admin\/bank$/, () => <SchoolBank />],
  [/^admin\/objectives$/, () => <Objectives />],
  [/^admin\/templates$/, () => <Templates />],
  [/^admin\/templates\/([^/]+)$/, (id) => <TemplatePage id={id} key={id} />],
  [/^admin\/relations$/, () => <Relations />],
  [/^admin\/school$/, () => <SchoolRules />],
];

export function Admin({ path }: { path: string }) {
  for (const [address, page] of routes) {
    const match = address.exec(path);
    if (match) return page(match[1] ?? "");
  }
  return <Missing />;
}
