"use client";

import type { ReactElement } from "react";

export const DocumentsPage = (): ReactElement => <h1>Documents</h1>;
