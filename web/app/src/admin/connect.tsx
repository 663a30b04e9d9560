/* Connecting a platform: what to do over there, step by step, and what to bring back. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { api } from "../api";
import { useApp, useTitle } from "../app";
import { has, rich, t } from "../i18n";
import { Note, Problem, Skeleton } from "../parts/notes";
import { go, href } from "../router";
import { useData } from "./data";
import { Copy, Head, Input } from "./parts";
import { PlatformForm, type Words } from "./platform-form";
import type { Addresses, Overview } from "./types";

/* Where a product keeps its addresses: {site} is the platform's own, {client} the id it
 * gave us. What is missing is asked for. */
const usual: Record<string, { issuer: string; auth: string; token: string; jwks: string; policy?: string }> = {
  canvas: {
    issuer: "https://canvas.instructure.com",
    auth: "https://sso.canvaslms.com/api/lti/authorize_redirect",
    token: "{site}/login/oauth2/token",
    jwks: "https://sso.canvaslms.com/api/lti/security/jwks",
  },
  moodle: { issuer: "{site}", auth: "{site}/mod/lti/auth.php", token: "{site}/mod/lti/token.php", jwks: "{site}/mod/lti/certs.php" },
  brightspace: {
    issuer: "{site}",
    auth: "{site}/d2l/lti/authenticate",
    token: "https://auth.brightspace.com/core/connect/token",
    jwks: "{site}/d2l/.well-known/jwks",
  },
  blackboard: {
    issuer: "https://blackboard.com",
    auth: "https://developer.blackboard.com/api/v1/gateway/oidcauth",
    token: "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
    jwks: "https://developer.blackboard.com/api/v1/management/applications/{client}/jwks.json",
    policy: "pending",
  },
  schoology: {
    issuer: "https://schoology.schoology.com",
    auth: "https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
    token: "https://lti-service.svc.schoology.com/lti-service/access-token",
    jwks: "https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
    policy: "pending",
  },
};

/* The steps of an LMS's guide, with the values to paste where they are spoken of. */
export function Guide({ lms, ours }: { lms: string; ours: Addresses }) {
  const values: Record<string, ComponentChildren> = {};
  const named = { login: ours.login, launch: ours.launch, jwks: ours.jwks, canvas: ours.canvas, register: ours.register, domain: ours.domain, deeplink: ours.launch };
  for (const [name, value] of Object.entries(named))
    values[name] = (
      <span class="paste">
        <code>{value}</code> <Copy value={value} what={value} />
      </span>
    );
  const steps: ComponentChildren[] = [];
  for (let n = 1; has(`guide.${lms}.${n}`); n++) steps.push(<li key={n}>{rich(`guide.${lms}.${n}`, values)}</li>);
  return <ol class="steps">{steps}</ol>;
}

/* The addresses that follow from what is known; what does not is left to be asked. */
function fill(words: Words, lms: string, site: string): Words {
  const known = usual[lms];
  if (!known) return words;
  const base = site.trim().replace(/\/+$/, "");
  const text = (template: string) =>
    (template.includes("{site}") && !base) || (template.includes("{client}") && !words.clientId)
      ? ""
      : template.replace("{site}", base).replace("{client}", words.clientId.trim());
  return { ...words, issuer: text(known.issuer), authUrl: text(known.auth), tokenUrl: text(known.token), jwksUrl: text(known.jwks) };
}

function Form({ lms, title }: { lms: string; title: string }) {
  const { toast } = useApp();
  const known = usual[lms];
  const [site, setSite] = useState("");
  const empty = { name: title, issuer: "", clientId: "", authUrl: "", tokenUrl: "", jwksUrl: "", deployments: known?.policy ?? "auto" };
  const [words, setWords] = useState<Words>(fill(empty, lms, ""));
  const set = (part: Partial<Words>) => {
    const next = { ...words, ...part };
    setWords("clientId" in part ? fill(next, lms, site) : next);
  };
  const send = async () => {
    const { id } = await api<{ id: string }>("admin/platforms", { method: "POST", body: { ...words, profile: lms } });
    toast({ text: t("admin.connected") });
    go(`admin/platforms/${id}`);
  };
  const asksSite = known && Object.values(known).some((a) => a.includes("{site}"));
  return (
    <PlatformForm words={words} set={set} send={send} button={t("admin.connect_do")}>
      {asksSite && (
        <Input
          id="p-site"
          type="url"
          label={t("admin.site")}
          hint={t("admin.site_hint")}
          value={site}
          set={(v) => {
            setSite(v);
            setWords(fill(words, lms, v));
          }}
        />
      )}
    </PlatformForm>
  );
}

function Choose({ all }: { all: Overview }) {
  return (
    <ul class="tiles">
      {all.profiles.map((p) => (
        <li key={p.name}>
          <a class="panel tile" href={href(`admin/connect/${p.name}`)}>
            <b>{p.name === "generic" ? t("admin.other_lms") : p.title}</b>
            <span class="muted small">{t(p.name === "generic" ? "admin.other_lms_sub" : "admin.tile_sub")}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Connect({ lms }: { lms: string }) {
  const { data, error, reload } = useData<Overview>("admin/platforms");
  const profile = data?.profiles.find((p) => p.name === lms);
  const title = lms === "generic" ? t("admin.other_lms") : (profile?.title ?? lms);
  useTitle(lms ? t("admin.connect_lms", { title }) : t("admin.connect"), t("app.name"));
  if (error && !data) return <Problem error={error} retry={() => void reload()} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  if (!profile)
    return (
      <>
        <Head title={t("admin.connect")} lede={t("admin.connect_lede")} back={{ path: "admin/platforms", label: t("admin.platforms") }} />
        <Choose all={data} />
      </>
    );
  return (
    <>
      <Head title={t("admin.connect_lms", { title })} back={{ path: "admin/connect", label: t("admin.connect") }} />
      <div class="cols cols--2">
        <section class="panel" aria-labelledby="there">
          <h2 id="there">{t("admin.there", { title })}</h2>
          <Guide lms={lms} ours={data.ours} />
        </section>
        <section class="panel" aria-labelledby="here">
          <h2 id="here">{t("admin.here")}</h2>
          <Note>{t("admin.here_note")}</Note>
          <Form lms={lms} title={title} />
        </section>
      </div>
    </>
  );
}
