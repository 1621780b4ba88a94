
"use strict";
// Draws each plot of the page's data in the colours of the reader's scheme, and again when that changes.
(() => {
  const plots = JSON.parse(document.getElementById("plots").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const LINES = {
    light: ["#0969da", "#cf222e", "#1a7f37", "#9a6700", "#8250df", "#57606a"],
    dark: ["#58a6ff", "#ff7b72", "#3fb950", "#d29922", "#bc8cff", "#9198a1"],
  };
  // From ok to lost, told apart by lightness as well.
  const VERDICTS = {
    light: ["#b7e4c7", "#e6e9ec", "#ffe8a3", "#ffc680", "#f79a7c", "#c9372c"],
    dark: ["#1f6b3a", "#2d333b", "#6e5a14", "#9a5b13", "#b8452f", "#ff7b72"],
  };

  function scaled(colours) {
    // Steps, not a gradient: each whole number has one colour.
    return colours.flatMap((colour, at) => [
      [at / colours.length, colour],
      [(at + 1) / colours.length, colour],
    ]);
  }

  function draw() {
    const scheme = dark.matches ? "dark" : "light";
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink").trim();
    const line = style.getPropertyValue("--line").trim();
    const panel = style.getPropertyValue("--panel").trim();
    const quiet = style.getPropertyValue("--quiet").trim();
    const family = getComputedStyle(document.body).fontFamily;
    const narrow = innerWidth < 560;
    for (const [key, plot] of Object.entries(plots)) {
      const place = document.getElementById(`plot-${key}`);
      const traces = plot.traces.map((trace) => {
        const { scale, muted, ...rest } = trace;
        if (muted) return { ...rest, marker: { color: quiet, opacity: 0.45 } };
        if (scale !== "verdicts") return rest;
        return { ...rest, colorscale: scaled(VERDICTS[scheme]), zmin: -0.5, zmax: VERDICTS.light.length - 0.5, showscale: false };
      });
      const axis = (given) => ({ gridcolor: line, zerolinecolor: line, linecolor: line, automargin: true, ...given });
      const layout = {
        height: 340,
        ...plot.layout,
        margin: { l: 8, r: narrow ? 26 : 30, t: 8, b: 8 },
        paper_bgcolor: "transparent",
        plot_bgcolor: "transparent",
        font: { color: ink, family, size: narrow ? 11 : 12.5 },
        colorway: LINES[scheme],
        hoverlabel: { bgcolor: panel, bordercolor: line, font: { color: ink } },
        legend: { orientation: "h", y: -0.12, yanchor: "top" },
        xaxis: axis({ tickangle: 0, ...(narrow && { nticks: 4 }), ...plot.layout.xaxis }),
        yaxis: axis(plot.layout.yaxis),
        dragmode: false,
      };
      if (plot.layout.yaxis2) layout.yaxis2 = axis(plot.layout.yaxis2);
      Plotly.react(place, traces, layout, { responsive: true, displayModeBar: false });
      if (plot.legend) explain(place, plot.legend, VERDICTS[scheme]);
    }
  }

  function explain(place, words, colours) {
    place.parentElement.querySelector(".key")?.remove();
    const key = document.createElement("div");
    key.className = "key";
    words.forEach((word, at) => {
      const entry = document.createElement("span");
      const swatch = document.createElement("i");
      swatch.style.background = colours[at];
      entry.append(swatch, word);
      key.append(entry);
    });
    place.after(key);
  }

  draw();
  dark.addEventListener("change", draw);
})();
