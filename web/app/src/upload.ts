/* Files on their way to the server, with how far they are: fetch() cannot tell. */
import { answerOf, ApiError, identity } from "./api";

function json(text: string): unknown {
  try {
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return null;
  }
}

interface Options {
  type?: string;
  progress?: (part: number) => void;
  stop?: AbortSignal;
}

/* `path` as for api(); the bytes are the body as they are. */
export function upload<T>(path: string, file: Blob, { type = file.type, progress, stop }: Options = {}): Promise<T> {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open("POST", `/api/${path}`);
    for (const [name, value] of Object.entries({ Accept: "application/json", ...identity() })) x.setRequestHeader(name, value);
    x.setRequestHeader("Content-Type", type || "application/octet-stream");
    x.upload.onprogress = (e) => e.lengthComputable && progress?.(e.loaded / e.total);
    x.onload = () => {
      try {
        done(answerOf<T>(x.status, json(x.responseText)));
      } catch (e) {
        fail(e);
      }
    };
    x.onerror = x.onabort = () => fail(new ApiError(0, "unreachable", "", null, null));
    stop?.addEventListener("abort", () => x.abort());
    x.send(file);
  });
}
