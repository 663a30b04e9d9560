/* The heading and the two tabs of a course. */
import type { ComponentChildren } from "preact";
import { useApp } from "../app";
import { t } from "../i18n";
import { href } from "../router";
import { Copied } from "./copied";

export function CourseHead({ tab, children }: { tab: "plans" | "reviews" | "report"; children?: ComponentChildren }) {
  const { home } = useApp();
  const students = (home.participants ?? []).length;
  const reviews = (home.reviews ?? []).length;
  const course = home.course?.label || home.course?.title || "";
  return (
    <>
      <div class="page-head">
        <div>
          <p class="eyebrow">
            <span dir="auto">{home.course?.title || course}</span> <span aria-hidden="true">·</span>{" "}
            <span dir="auto">{home.school.name}</span> <span aria-hidden="true">·</span>{" "}
            {t("common.n_students", { n: students })}
          </p>
          <h1 tabIndex={-1}>{t("plans.heading")}</h1>
        </div>
        {children}
      </div>
      <nav class="tabs" aria-label={t("plans.tabs", { course })}>
        <a href={href("plans")} aria-current={tab === "plans" ? "page" : undefined}>
          {t("plans.tab")}
        </a>
        <a href={href("reviews")} aria-current={tab === "reviews" ? "page" : undefined}>
          {t("review.tab")}{" "}
          {reviews > 0 && (
            <span class="count">
              {reviews}
              <span class="sr"> {t("review.count_unit", { n: reviews })}</span>
            </span>
          )}
        </a>
        <a href={href("report")} aria-current={tab === "report" ? "page" : undefined}>
          {t("plans.report_tab")}
        </a>
      </nav>
      {tab !== "report" && <Copied />}
    </>
  );
}
