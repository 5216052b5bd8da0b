// Says at once how a date that is typed is understood: the server reads it, as it does when the form is sent.
for (const field of document.querySelectorAll("[data-date]")) {
  const said = document.getElementById(`hint-${field.id}`);
  const before = field.value.trim() ? "" : said.textContent;
  field.addEventListener("change", async () => {
    if (!field.value.trim()) {
      said.textContent = before;
      said.classList.remove("wrong");
      return;
    }
    const address = new URL("record/date", new URL(".", location.href));
    address.searchParams.set("text", field.value);
    const answer = await fetch(address).catch(() => null);
    if (answer && (answer.ok || answer.status === 422)) {
      said.textContent = await answer.text();
      said.classList.toggle("wrong", !answer.ok);
    }
  });
}
