// The Coverage page. Airflow's UI imports this module, hands React and its router over on globalThis, and takes
// the component from there. No bundler: the page is the modules in coverage/, which import each other.
import { Coverage } from "./coverage/app.js";

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL("./coverage/coverage.css", import.meta.url).href;
// Shown only once it has its looks; without them it is still readable.
await new Promise((settled) => {
  styles.onload = styles.onerror = settled;
  document.head.append(styles);
});

globalThis.Coverage = Coverage;
globalThis.AirflowPlugin = Coverage;
