"""What tests share: waiting, runs, pages without a browser, servers, the browser and what a person does in it."""
