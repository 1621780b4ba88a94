// The HTTP API behind the page: asking, and the state of having asked.
import { useCallback, useEffect, useState } from "./react.js";

const API = new URL("../../api/", import.meta.url);

// Lists become repeated parameters; what is empty is left out.
export const address = (path, params = {}) => {
  const url = new URL(path, API);
  for (const [name, value] of Object.entries(params))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null && one !== "") url.searchParams.append(name, one);
  return url;
};

export const part = (id) => encodeURIComponent(id); // of a path

const asked = async (url, options) => {
  const response = await fetch(url, { credentials: "same-origin", ...options }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached: is Airflow's API server running? Then try again.");
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(reason(response.status, answer.detail)), { status: response.status });
};

const reason = (status, detail) => {
  if (status === 401) return "You are logged out: reload the page to log in.";
  if (status === 403) return "Your role may not do this: ask an administrator for one that may.";
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((one) => `${(one.loc ?? []).slice(1).join(" ")}: ${one.msg}`).join("; ");
  return `The server answered ${status}: its log says why. Try again, or narrow the question.`;
};

export const get = (path, params, signal) => asked(address(path, params), { signal });
export const post = (path, body, signal) =>
  asked(address(path), { method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });

// {loading, error, data, again}; while new data is on its way the old stays, as `loading` with `data`.
// A path of null asks nothing.
export const useAnswer = (path, params) => {
  const [state, setState] = useState({});
  const [attempt, setAttempt] = useState(0);
  const url = path === null ? null : address(path, params).href;
  const question = `${attempt} ${url}`;
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    const answered = (answer) => stop.signal.aborted || setState({ question, ...answer });
    asked(url, { signal: stop.signal }).then((data) => answered({ data }), (error) => answered({ error }));
    return () => stop.abort();
  }, [question, url]);
  const again = useCallback(() => setAttempt((number) => number + 1), []);
  if (url === null) return { loading: false, again };
  return state.question === question ? { ...state, loading: false, again } : { data: state.data, loading: true, again };
};

// A table's rows as objects.
export const rowsOf = (table) =>
  (table?.rows ?? []).map((row) => Object.fromEntries(table.columns.map((column, place) => [column, row[place]])));
