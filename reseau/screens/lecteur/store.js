"use strict";
// What survives a power cut: the last good content, and what residents left while the network was away.
// A browser without storage (private window, full disk) is a screen that forgets, nothing worse.
Ecran.store = (() => {
  const NAME = "reseau-ecran";
  const KEPT = 4; // contents of other screens opened on this machine
  const QUEUE = 200;

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("contents", { keyPath: "id" });
        request.result.createObjectStore("seen", { keyPath: "id" });
        request.result.createObjectStore("ideas", { keyPath: "key" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => reject(request.error);
    });
  }

  // One transaction, whole or not at all; the connection never outlives it.
  async function within(name, mode, work) {
    let base = null;
    try {
      base = await open();
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(name, mode, { durability: "strict" });
        const result = work(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(result && "result" in result ? result.result : null);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } catch {
      return null;
    } finally {
      if (base) base.close();
    }
  }

  // A damaged base may never answer: the screen does not wait for it.
  function read(name, key) {
    let timer = 0;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, 2000, null);
    });
    const found = within(name, "readonly", (store) => store.get(key));
    return Promise.race([found, late]).finally(() => clearTimeout(timer));
  }

  async function keep(record) {
    const all = (await within("contents", "readonly", (store) => store.getAll())) || [];
    const others = all.filter((item) => item.id !== record.id).sort((a, b) => b.saved - a.saved);
    await within("contents", "readwrite", (store) => {
      for (const item of others.slice(KEPT - 1)) store.delete(item.id);
      return store.put(record);
    });
  }

  // Apart from the content: it is written often, and memory cards wear out.
  const confirm = (id, version, confirmed) =>
    within("seen", "readwrite", (store) => store.put({ id, version, confirmed }));
  const kept = (id) => read("contents", id);
  const confirmation = (id) => read("seen", id);
  const waiting = async () => (await within("ideas", "readonly", (store) => store.getAll(null, QUEUE))) || [];
  const forget = (key) => within("ideas", "readwrite", (store) => store.delete(key));

  async function push(idea) {
    const queued = await waiting();
    if (queued.length < QUEUE) await within("ideas", "readwrite", (store) => store.put(idea));
  }

  return { keep, kept, confirm, confirmation, push, waiting, forget };
})();
