// SPDX-License-Identifier: Apache-2.0
// Cameras and points in 3D, by three.js. The page runs this script only when a reader comes to a cell that has them.
import {WebGLRenderer, PerspectiveCamera, Scene, Vector3} from 'three';
import {OrbitControls} from 'three/examples/jsm/controls/OrbitControls.js';
import {buildWorld} from './world.js';

const fieldOfView = 45;
const distance = 2.3;  // of the first view from the middle, in reaches of what it should show
const turn = Math.PI / 36;

// Draws a world (see WorldViews in metrics/geometry/world_view.h) into `holder`. Null where there is no WebGL.
export function open(holder, world, {colours, label}) {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('webgl2', {antialias: true, alpha: true});
  if (!context) return null;
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  holder.append(canvas);
  return new Viewer(holder, canvas, context, world, colours);
}

class Viewer {
  constructor(holder, canvas, context, world, colours) {
    this.holder = holder;
    this.canvas = canvas;
    this.world = world;
    this.renderer = new WebGLRenderer({canvas, context, alpha: true});
    this.camera = new PerspectiveCamera(fieldOfView, 1, 0.01, 100);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableZoom = false;  // the wheel scrolls the page until the picture is chosen
    this.controls.addEventListener('change', () => this.draw());
    this.listeners = {
      focus: () => { this.controls.enableZoom = true; },
      blur: () => { this.controls.enableZoom = false; },
      keydown: (event) => this.onKey(event),
    };
    for (const [name, listener] of Object.entries(this.listeners)) canvas.addEventListener(name, listener);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(holder);
    this.frame = 0;
    this.setColours(colours);
    this.reset();
  }

  setColours(colours) {
    this.built?.dispose();
    this.scene = new Scene();
    this.built = buildWorld(this.world, colours, this.renderer.getPixelRatio());
    this.scene.add(...this.built.objects);
    this.built.setFrame(this.frame);
    this.draw();
  }

  setFrame(frame) {
    this.frame = frame;
    this.built.setFrame(frame);
    this.draw();
  }

  // From behind and above the cameras, so that what they look at lies beyond them.
  reset() {
    const ahead = this.built.meanForward().setY(0);
    if (ahead.length() < 0.1) ahead.set(0, 0, -1);
    ahead.normalize();
    const aside = new Vector3(-ahead.z, 0, ahead.x);
    const from = ahead.multiplyScalar(-1).addScaledVector(aside, 0.45);
    const {middle, reach} = this.built.extent();
    this.look(from.setY(0.62).normalize().multiplyScalar(distance * reach).add(middle), middle);
  }

  fromAbove() {
    const {middle, reach} = this.built.extent();
    this.look(new Vector3(0, distance * reach, 0.001).add(middle), middle);
  }

  // What the camera of the shown frame saw.
  throughCamera() {
    const {centre, forward} = this.built.poseAt(this.frame);
    const fit = Math.max(this.world.half_view[1], this.world.half_view[0] / this.camera.aspect);
    this.look(centre, centre.clone().addScaledVector(forward, 0.5), (360 / Math.PI) * Math.atan(fit));
  }

  look(from, at, degrees = fieldOfView) {
    this.camera.fov = degrees;
    this.camera.updateProjectionMatrix();
    this.camera.position.copy(from);
    this.controls.target.copy(at);
    this.controls.update();
    this.draw();
  }

  orbit(right, up) {
    const arm = this.camera.position.clone().sub(this.controls.target);
    arm.applyAxisAngle(new Vector3(0, 1, 0), right);
    const side = new Vector3(0, 1, 0).cross(arm).normalize();
    const tilted = arm.clone().applyAxisAngle(side, -up);
    if (Math.abs(tilted.y) < 0.999 * tilted.length()) arm.copy(tilted);
    this.look(arm.add(this.controls.target), this.controls.target, this.camera.fov);
  }

  move(right, up) {
    const step = this.camera.position.distanceTo(this.controls.target) * 0.06;
    const by = new Vector3(right * step, up * step, 0).applyQuaternion(this.camera.quaternion);
    this.look(this.camera.position.clone().add(by), this.controls.target.clone().add(by), this.camera.fov);
  }

  zoom(factor) {
    const arm = this.camera.position.clone().sub(this.controls.target).multiplyScalar(factor);
    this.look(arm.add(this.controls.target), this.controls.target, this.camera.fov);
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const arrows = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
    const arrow = arrows[event.key];
    if (arrow && event.shiftKey) this.move(...arrow);
    else if (arrow) this.orbit(arrow[0] * turn, arrow[1] * turn);
    else if (event.key === '+' || event.key === '=') this.zoom(1 / 1.15);
    else if (event.key === '-') this.zoom(1.15);
    else if (event.key === '0') this.reset();
    else return;
    event.preventDefault();
  }

  resize() {
    const {clientWidth: width, clientHeight: height} = this.holder;
    if (!width || !height) return;
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  draw() {
    if (this.scene) this.renderer.render(this.scene, this.camera);
  }

  dispose() {
    this.observer.disconnect();
    for (const [name, listener] of Object.entries(this.listeners)) this.canvas.removeEventListener(name, listener);
    this.controls.dispose();
    this.built.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }
}
