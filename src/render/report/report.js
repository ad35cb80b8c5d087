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
  filter.addEventListener("input", show);
  sort.addEventListener("change", order);
  show();
})();
