namespace Bpf.Loader.Symbols.Profiles;

/// <summary>What makes a flame graph move: without it, where scripts are not run, the picture is complete.</summary>
internal static class FlameGraphScript
{
    public const string Style = """

        svg { background: white } text { font: 11px monospace; fill: #222; pointer-events: none }
        .heading { font-size: 16px } .button { pointer-events: all; cursor: pointer; opacity: .6 } .button:hover { opacity: 1 }
        #frames g { cursor: pointer } #frames g:hover rect { stroke: black; stroke-width: .5 } .parent { opacity: .5 } .found rect { fill: #d040d0 }

        """;

    public const string Text = """

        "use strict";
        (() => {
          const frames = [...document.querySelectorAll("#frames > g")].map(g => {
            const [title, rect, text] = g.children;
            const x = +rect.getAttribute("x"), width = +rect.getAttribute("width"), label = title.textContent;
            return { g, rect, text, x, width, y: +rect.getAttribute("y"), label, name: label.replace(/ \(\d+ [^()]*%\).*$/, "") };
          });
          if (!frames.length) return;
          const all = frames[0], byId = id => document.getElementById(id);

          const place = (frame, x, width) => {
            frame.g.style.display = width < 0.2 ? "none" : "";
            frame.rect.setAttribute("x", x);
            frame.rect.setAttribute("width", width);
            frame.text.setAttribute("x", x + 3);
            const letters = Math.floor((width - 6) / 6.6), name = frame.name;
            frame.text.textContent = letters < 3 ? "" : name.length <= letters ? name : name.slice(0, letters - 1) + "…";
          };

          const zoom = to => {
            const scale = all.width / to.width, end = to.x + to.width;
            for (const frame of frames) {
              const isUnder = frame.y >= to.y && frame.x <= to.x + 0.01 && frame.x + frame.width >= end - 0.01;
              frame.g.classList.toggle("parent", isUnder && frame !== to && to !== all);
              if (isUnder) place(frame, all.x, all.width);
              else if (frame.y > to.y || frame.x + frame.width <= to.x + 0.001 || frame.x >= end - 0.001) place(frame, 0, 0);
              else place(frame, all.x + (frame.x - to.x) * scale, frame.width * scale);
            }
          };

          const search = () => {
            const pattern = prompt("Search for names (a regular expression)", "");
            if (pattern === null) return;
            let test;
            try { test = new RegExp(pattern, "i"); } catch (error) { alert(error.message); return; }
            // What lies within another that was found is not counted twice.
            let total = 0;
            const found = frames.filter(frame => frame.g.classList.toggle("found", pattern !== "" && test.test(frame.name))).sort((a, b) => a.x - b.x || b.width - a.width);
            let end = -1;
            for (const frame of found) {
              if (frame.x + 0.001 < end) continue;
              total += frame.width;
              end = frame.x + frame.width;
            }
            byId("matched").textContent = pattern === "" ? "" : `matched: ${(100 * total / all.width).toFixed(1)} %`;
          };

          for (const frame of frames) {
            frame.g.addEventListener("click", () => zoom(frame));
            frame.g.addEventListener("mouseover", () => byId("details").textContent = frame.label);
            frame.g.addEventListener("mouseout", () => byId("details").textContent = "");
          }
          byId("reset").addEventListener("click", () => zoom(all));
          byId("search").addEventListener("click", search);
          addEventListener("keydown", event => {
            if ((event.ctrlKey || event.metaKey) && event.key === "f") { event.preventDefault(); search(); }
            if (event.key === "Escape") zoom(all);
          });
        })();

        """;
}
