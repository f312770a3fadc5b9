// Blazor says by events how the connection is; a click retries at once or loads the page anew.
const notice = document.getElementById("components-reconnect-modal");

notice.addEventListener("click", async event => {
  const wish = event.target.closest("button")?.dataset.reconnect;
  if (wish === "reload") {
    location.reload();
  } else if (wish === "retry" && !(await Blazor.reconnect())) {
    location.reload(); // the server answers, but has forgotten this page
  }
});

// A server that restarted knows nothing of this page: show it afresh, its state is in the address.
notice.addEventListener("components-reconnect-state-changed", event => {
  if (event.detail.state === "rejected") {
    location.reload();
  }
});
