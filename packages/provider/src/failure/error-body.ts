import type { ProviderErrorInfo } from "@pointsman/translate";
import { isRecord } from "../json.ts";
import type { JsonRecord } from "../json.ts";

const text = (value: unknown): string | null => {
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" ? String(value) : null;
};

/** FastAPI's list: `[{ type, loc: ["body", "field"], msg }]`. */
const fromDetailList = (list: readonly unknown[]): ProviderErrorInfo | null => {
  const [first] = list.filter(isRecord);
  if (first === undefined) return null;
  const loc = Array.isArray(first["loc"]) ? first["loc"].map(String) : [];
  const param = loc.filter((part) => part !== "body").join(".") || null;
  const said = text(first["msg"]) ?? "invalid request";
  return {
    message: param === null ? said : `${param}: ${said}`,
    type: null,
    code: text(first["type"]),
    param,
  };
};

/** Mistral nests FastAPI's list in `message`, as an object or as JSON in a string. */
const nestedDetail = (message: unknown): readonly unknown[] | null => {
  let inner = message;
  if (typeof message === "string" && message.startsWith("{")) {
    try {
      inner = JSON.parse(message) as unknown;
    } catch {
      return null;
    }
  }
  return isRecord(inner) && Array.isArray(inner["detail"]) ? inner["detail"] : null;
};

/** The reason word of a Google error's `details[]` (`google.rpc.ErrorInfo`). */
const googleReason = (error: JsonRecord): string | null => {
  const details = error["details"];
  if (!Array.isArray(details)) return null;
  const info = details.filter(isRecord).find((detail) => typeof detail["reason"] === "string");
  return text(info?.["reason"]);
};

const fromObject = (error: JsonRecord): ProviderErrorInfo | null => {
  const list = nestedDetail(error["message"]);
  if (list !== null) return fromDetailList(list);
  const message = text(error["message"]) ?? text(error["msg"]) ?? text(error["detail"]);
  const code = googleReason(error) ?? text(error["code"]);
  const type = text(error["type"]) ?? text(error["status"]);
  if (message === null && code === null && type === null) return null;
  return { message: message ?? code ?? type ?? "", type, code, param: text(error["param"]) };
};

/** MiniMax: `base_resp: { status_code, status_msg }`, 0 = well. */
const fromBaseResp = (base: JsonRecord): ProviderErrorInfo | null => {
  const code = text(base["status_code"]);
  if (code === null || code === "0") return null;
  return { message: text(base["status_msg"]) ?? code, type: null, code, param: null };
};

/**
 * Reads the error out of a JSON body, whatever its shape: `{error: {…}}` of OpenAI, Anthropic and
 * Google, `{error: "…"}`, `{message}`, `{detail}` and FastAPI lists, `{base_resp}` of MiniMax, any of
 * them in a list of one. `null` if it holds none. Nothing is redacted yet.
 */
export const readErrorBody = (json: unknown): ProviderErrorInfo | null => {
  const body: unknown = Array.isArray(json) ? json[0] : json;
  if (!isRecord(body)) return null;
  const error = body["error"];
  if (isRecord(error)) return fromObject(error);
  const base = body["base_resp"];
  if (isRecord(base)) return fromBaseResp(base);
  const detail = body["detail"];
  if (Array.isArray(detail)) return fromDetailList(detail);
  const said = text(error) ?? text(body["message"]) ?? text(detail);
  if (said === null) {
    const list = nestedDetail(body["message"]);
    return list === null ? null : fromDetailList(list);
  }
  // `{error: "invalid argument", code: "…"}` of xAI, `{object: "error", message, code}` of Mistral and vLLM.
  return fromObject({
    ...body,
    message: typeof error === "string" ? error : (body["message"] ?? detail),
  });
};
