declare module "@babel/plugin-transform-*" {
  import type { PluginTarget } from "@babel/core";
  const plugin: PluginTarget;
  export default plugin;
}
