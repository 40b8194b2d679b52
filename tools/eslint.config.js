import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "out/", "coverage/"] },
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    rules: {
      // an index that a loop has checked, and numbers read from typed arrays
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/unified-signatures": "off",
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  {
    // declarations of a platform: its own names, its own looseness
    files: ["lib/types/*.d.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unused-vars": "off",
      "@typescript-eslint/no-empty-object-type": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-misused-new": "off",
      "@typescript-eslint/no-unsafe-function-type": "off",
      "@typescript-eslint/no-wrapper-object-types": "off",
      "no-var": "off",
    },
  },
  {
    // Espruino's modules come by require
    files: ["lib/platform/espruino.ts", "lib/platform/natives.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // objects handed to device code have getters that need the object around them
    files: ["tools/simulator/**/*.ts"],
    rules: { "@typescript-eslint/no-this-alias": "off", "@typescript-eslint/no-dynamic-delete": "off" },
  },
  {
    files: ["tools/**/*.ts", "test/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { "@typescript-eslint/no-floating-promises": "error", "@typescript-eslint/no-misused-promises": "error" },
  },
);
