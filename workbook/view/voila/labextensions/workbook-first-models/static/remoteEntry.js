// Voilà starts to draw a page's widgets when all plugins are active. A widget whose model comes two seconds later, as on
// a busy server, may be given up for ever (jupyterlab-manager: "widget model not found"). This plugin is active once the
// models are there. It is a module-federation container written by hand: no build, no shared modules.
(() => {
  const PATIENCE = 60000;

  const restored = (manager) =>
    new Promise((resolve) => {
      if (manager.restoredStatus) resolve();
      else manager.restored.connect(resolve);
    });

  const plugin = {
    id: "workbook:first-models",
    description: "Wait for the models of a page's widgets.",
    autoStart: true,
    activate: (app) => {
      const models = app.widgetManagerPromise ? app.widgetManagerPromise.promise.then(restored) : Promise.resolve();
      return Promise.race([models, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["workbook-first-models"] = {
    init: async () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
