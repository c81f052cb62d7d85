"use strict";
{
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const scenarios = Array.from(document.querySelectorAll(".scenario"));
  search.hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const s of scenarios) {
      const there = words.every((w) => s.dataset.search.includes(w));
      s.classList.toggle("away", !there);
      if (there) n++;
    }
    found.textContent = words.length ? n + " of " + scenarios.length : "";
  });
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", open);
  open();
}
