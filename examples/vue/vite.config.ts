import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// As Vue asks for with custom elements of any kind: a tag with a dash is no Vue component.
const isCustomElement = (tag: string) => tag.includes("-");

export default defineConfig({ plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] });
