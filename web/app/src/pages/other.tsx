/* Pages that say why there is nothing to do here. */
import type { ComponentChildren } from "preact";
import { useApp, useTitle } from "../app";
import { has, t } from "../i18n";
import { Icon, type IconName, Sprite } from "../parts/icons";
import { href } from "../router";
import { keepsWords } from "../draft";

interface ExplainProps {
  icon: IconName;
  title: string;
  children: ComponentChildren;
}

function Explain({ icon, title, children }: ExplainProps) {
  return (
    <div class="stop">
      <p class="stop__mark">
        <Icon name={icon} />
      </p>
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}

export function NoRole() {
  const { home } = useApp();
  const role = home.viewer.role === "mentor" ? "mentor" : "none";
  useTitle(t(`app.${role}_title`), t("app.name"));
  return (
    <Explain icon="info" title={t(`app.${role}_title`)}>
      <p class="lede">{t(`app.${role}_text`)}</p>
      <p>{t("app.ask", { help: home.school.help })}</p>
    </Explain>
  );
}

export function Missing() {
  useTitle(t("app.missing_title"), t("app.name"));
  return (
    <Explain icon="search" title={t("app.missing_title")}>
      <p class="lede">{t("app.missing_text")}</p>
      <p>
        <a class="btn btn--primary" href={href("")}>
          {t("app.missing_link")}
        </a>
      </p>
    </Explain>
  );
}

/* Nothing is asked of the server here, and the page before it is gone from memory. */
export function SignedOut() {
  useTitle(t("app.signed_out_title"), t("app.name"));
  return (
    <>
      <Sprite />
      <main id="main">
        <Explain icon="lock" title={t("app.signed_out_title")}>
          <p class="lede">{t("app.signed_out_text")}</p>
        </Explain>
      </main>
    </>
  );
}

/* Before anything is known of the viewer: the session has ended, or nobody answers. */
export function Stop({ code, retry }: { code: string; retry: () => void }) {
  const kind = has(`app.stop_${code}_title`) ? code : "internal";
  const again = kind !== "expired";
  return (
    <>
      <Sprite />
      <main id="main">
        <Explain icon={again ? "warn" : "window"} title={t(`app.stop_${kind}_title`)}>
          <p class="lede">
            {t(`app.stop_${kind}_text`)} {!again && keepsWords() && t("app.stop_kept")}
          </p>
          {again && (
            <p>
              <button class="btn btn--primary" type="button" onClick={retry}>
                {t("common.try_again")}
              </button>
            </p>
          )}
        </Explain>
      </main>
    </>
  );
}
