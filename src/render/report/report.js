"use strict";
(function () {
  var list = document.getElementById("list");
  var filter = document.getElementById("filter");
  var sort = document.getElementById("sort");
  var count = document.getElementById("count");
  if (!list || !filter || !sort || !count) { return; }
  var claims = Array.prototype.slice.call(list.querySelectorAll("article"));
  var texts = claims.map(function (claim) { return claim.textContent.toLowerCase(); });
  function show() {
    var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    claims.forEach(function (claim, at) {
      var fits = words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      claim.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = shown + " of " + claims.length + " claims";
  }
  function order() {
    var by = sort.value;
    var sorted = claims.slice().sort(function (a, b) {
      if (by === "spread") { return b.dataset.spread - a.dataset.spread; }
      return a.dataset[by] < b.dataset[by] ? -1 : a.dataset[by] > b.dataset[by] ? 1 : 0;
    });
    sorted.forEach(function (claim) { list.appendChild(claim); });
  }
  // Pointing at a mark (or reaching it with the keyboard) lights up what belongs to the same place and says what it is.
  var hint = document.getElementById("hint");
  var lit = [];
  function dark() {
    lit.forEach(function (it) { it.classList.remove("lit"); });
    lit = [];
    if (hint) { hint.hidden = true; }
  }
  function light(event) {
    var mark = event.target.closest ? event.target.closest("a[href]") : null;
    if (!mark || !mark.closest("figure, table, ul")) { return; }
    dark();
    var href = mark.getAttribute("href");
    lit = Array.prototype.filter.call(document.querySelectorAll("figure a, table a, ul a"), function (it) {
      return it.getAttribute("href") === href;
    });
    var place = href.charAt(0) === "#" ? document.getElementById(href.slice(1)) : null;
    if (place) { lit.push(place); }
    lit.forEach(function (it) { it.classList.add("lit"); });
    var title = mark.querySelector("title");
    if (hint && title) {
      hint.textContent = title.textContent;
      hint.hidden = false;
    }
  }
  document.addEventListener("pointerover", light);
  document.addEventListener("focusin", light);
  document.addEventListener("pointerout", dark);
  document.addEventListener("focusout", dark);
  filter.addEventListener("input", show);
  sort.addEventListener("change", order);
  show();
})();
