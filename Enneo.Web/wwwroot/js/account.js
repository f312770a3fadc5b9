// The account's pages have no circuit: what the browser alone can do to them.

// The reader's own clock in place of UTC, written as everywhere here.
const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
for (const time of document.querySelectorAll("time[data-local]")) {
  time.textContent = format.format(new Date(time.dateTime));
}

// Recovery codes are taken away by the person who sees them.
const codes = () => [...document.querySelectorAll("[data-codes] code")].map(code => code.textContent).join("\n") + "\n";

document.querySelector("[data-codes-copy]")?.addEventListener("click", async event => {
  const button = event.currentTarget;
  await navigator.clipboard.writeText(codes());
  button.textContent = button.dataset.done;
});

document.querySelector("[data-codes-download]")?.addEventListener("click", event => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([codes()], { type: "text/plain" }));
  link.download = event.currentTarget.dataset.codesDownload;
  link.click();
  URL.revokeObjectURL(link.href);
});

document.querySelector("[data-codes-print]")?.addEventListener("click", () => print());
